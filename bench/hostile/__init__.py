"""What no well-meaning client sends: made-up requests, commands in any order, broken frames."""
