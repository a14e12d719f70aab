"""Paper for the room: what is printed before a session and how it comes back. Plain data, templates, bytes."""
