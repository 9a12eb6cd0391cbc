"""The one mail server and the one generator of certified messages of the project, for demo, tests and benches."""
