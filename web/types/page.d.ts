// A module and its page are written together: the elements that it asks for by id or selector are those of its
// template, of the kind that stands there. Browser tests on every screen prove that; types of elements would only
// repeat the templates. What types do prove here is what the API sends and takes.

interface Document {
  getElementById(id: string): any;
}

interface ParentNode {
  querySelector(selectors: string): any;
  querySelectorAll(selectors: string): NodeListOf<any>;
}

interface HTMLFormControlsCollection {
  [name: string]: any;
}

interface Element {
  closest(selectors: string): any;
}
