"""Tables that users give: read from what spreadsheets write, described, kept, and handed to the engine by their id."""
