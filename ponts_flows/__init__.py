"""The mentoring programme as a library. Nothing in it imports Prefect."""
