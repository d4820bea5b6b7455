// Derived from the model by `graph-service schema --write`. Do not edit.

// Area · known
UNWIND $keys AS key MATCH (n:Area {code: key}) RETURN collect([key, n.recorded, [n.name, n.level, n.level_text]]);

// Area · create
UNWIND $rows AS row CREATE (n:Area {code: row[0]}) SET n.recorded = $seq, n.source = row[1], n.replaced = row[2], n.name = row[3], n.level = row[4], n.level_text = row[5], n.name_pinyin = row[6], n.name_initials = row[7];
