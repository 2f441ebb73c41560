"""Device models, one file each. A class here is found by its Renode type name; a new file needs no list."""
