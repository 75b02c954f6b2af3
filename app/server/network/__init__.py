"""Where the server is reached: the listener, this computer's addresses, and how it is found on the network."""
