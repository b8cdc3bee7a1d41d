"""A small web on loopback that tests crawl: several hosts, each answering as a test wishes."""
