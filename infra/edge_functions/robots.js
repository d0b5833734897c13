// CloudFront Function, on each answer of the front: search engines show the pages of INDEXED alone.
function handler(event) {
  if (!INDEXED.includes(event.request.uri)) {
    event.response.headers[ROBOTS[0].toLowerCase()] = { value: ROBOTS[1] };
  }
  return event.response;
}
