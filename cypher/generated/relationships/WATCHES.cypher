// Derived from the model by `graph-service schema --write`. Do not edit.

// Watch → Household · known
UNWIND $keys AS key MATCH (a:Watch {watch_no: key[0]}) MATCH (a)-[r:WATCHES {superseded: $open}]->(b) RETURN collect([key, r.recorded, [a.watch_no, b.card_no] + [r.since, r.until]]);

// Watch → Household · supersede
UNWIND $rows AS row MATCH (a:Watch {watch_no: row[0]}) MATCH (a)-[r:WATCHES {superseded: $open}]->(b) WHERE r.recorded < $seq SET r.superseded = $seq;

// Watch → Household · create
UNWIND $rows AS row MATCH (a:Watch {watch_no: row[0]}) MATCH (b:Household {card_no: row[1]}) CREATE (a)-[r:WATCHES {since: row[2], until: row[3], recorded: $seq, superseded: $open, source: row[4], replaced: row[5]}]->(b);
