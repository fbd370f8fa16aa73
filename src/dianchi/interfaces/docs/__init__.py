"""Documents derived from the lifecycles, the refusals and the rules of the law: never written by hand."""
