/** Sends what the page asks of Cognito to the local AWS: libraries for Cognito take its address from no variable of the bundle. */
{
  const { cognito, local } = document.currentScript.dataset;
  const here = (url) => (new URL(url, location.href).origin === cognito ? `${local}/` : undefined);
  const { fetch } = window;
  window.fetch = (input, init) => {
    const target = here(input instanceof Request ? input.url : String(input));
    if (target === undefined) return fetch(input, init);
    return fetch(input instanceof Request ? new Request(target, input) : target, init);
  };
  const { open } = XMLHttpRequest.prototype;
  XMLHttpRequest.prototype.open = function (method, url, ...rest) {
    return open.call(this, method, here(url) ?? url, ...rest);
  };
}
