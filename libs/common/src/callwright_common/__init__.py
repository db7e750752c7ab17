"""What two services need: settings, errors, deadlines, servers and clients, money, telemetry, the campaign file."""
