// CloudFront Function, on each answer of the front: search engines show the pages of INDEXED alone.
function handler(event) {
  const path = event.request.uri;
  // AWS does not say which of the two stands here: what the visitor asked for, or the file that it was led to.
  const files = path === '/' ? ['/index.html'] : [path, path + '.html'];
  if (!files.some((file) => INDEXED.includes(file))) {
    event.response.headers[ROBOTS[0].toLowerCase()] = { value: ROBOTS[1] };
  }
  return event.response;
}
