"""What Twilio reaches over HTTP: webhooks and the media WebSocket."""
