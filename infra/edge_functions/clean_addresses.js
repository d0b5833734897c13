// CloudFront Function, on each request for the front: `/a/b` is the file `/a/b.html`, and what is no file is not found.
// FILES, REDIRECTS, NOT_FOUND and HEADERS are written before it.
function handler(event) {
  const request = event.request;
  const path = request.uri.endsWith('/') ? request.uri.slice(0, -1) : request.uri;
  if (path in REDIRECTS) {
    const headers = Object.assign({}, HEADERS, { location: { value: REDIRECTS[path] } });
    return { statusCode: 302, statusDescription: 'Found', headers: headers };
  }
  const candidates = path === '' ? ['/index.html'] : [path, path + '.html', path + '/index.html'];
  for (const candidate of candidates) {
    if (FILES.includes(candidate)) {
      request.uri = candidate;
      return request;
    }
  }
  return { statusCode: 404, statusDescription: 'Not Found', headers: HEADERS, body: { encoding: 'text', data: NOT_FOUND } };
}
