"""One file per group of endpoints. A handler reads its request, asks its parts, and returns a reply or raises."""
