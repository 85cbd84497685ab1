"""What a run leaves in its folder. Light: commands that load no model look there too."""

ADAPTER, TRAINING, OUTCOMES = "adapter", "training", "outcomes"
REPORT, PAGE, MANIFEST = "report.json", "report.html", "manifest.json"
