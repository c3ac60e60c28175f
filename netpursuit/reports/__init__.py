"""What is drawn and exported: tables and waterfalls for a terminal, the page of a run, files of leads."""
