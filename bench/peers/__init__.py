"""What Django's own parts give for the same rows: a ModelAdmin, a Paginator, default indexes."""
