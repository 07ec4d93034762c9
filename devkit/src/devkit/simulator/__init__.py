"""`python -m devkit.simulator`: a server that speaks the provider's Messages API, for machines
without a key. It keeps a book of what it bills, breaks when told to, and can lie on purpose."""
