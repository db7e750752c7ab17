"""gRPC between the services: servers, clients, deadlines, and what is checked and converted at the edge."""
