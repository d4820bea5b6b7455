// Derived from the model by `graph-service schema --write`. Do not edit.

// Import · known
UNWIND $keys AS key MATCH (n:Import {sequence: key}) RETURN collect([key, n.recorded, [n.content, n.files, n.by, n.state, n.state_text, n.purpose, n.purpose_text, n.day, n.latest, n.key, n.began, n.published, n.same, n.swept, n.counts]]);

// Import · create
UNWIND $rows AS row CREATE (n:Import {sequence: row[0]}) SET n.recorded = $seq, n.source = row[1], n.replaced = row[2], n.content = row[3], n.files = row[4], n.by = row[5], n.state = row[6], n.state_text = row[7], n.purpose = row[8], n.purpose_text = row[9], n.day = row[10], n.latest = row[11], n.key = row[12], n.began = row[13], n.published = row[14], n.same = row[15], n.swept = row[16], n.counts = row[17];
