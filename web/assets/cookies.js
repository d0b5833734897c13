// Whether the browser takes this site's cookies.

const PROBE = 'probe';

/** `navigator.cookieEnabled` is true where a setting refuses every one: only a cookie that comes back is an answer. */
export function takesCookies() {
  document.cookie = `${PROBE}=1; Path=/; SameSite=Strict; Max-Age=60`;
  const taken = document.cookie.split('; ').includes(`${PROBE}=1`);
  document.cookie = `${PROBE}=; Path=/; SameSite=Strict; Max-Age=0`;
  return taken;
}
