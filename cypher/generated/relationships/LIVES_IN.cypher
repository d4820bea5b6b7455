// Derived from the model by `graph-service schema --write`. Do not edit.

// Household → Village · known
UNWIND $keys AS key MATCH (a:Household {card_no: key[0]}) MATCH (a)-[r:LIVES_IN {since: key[2], superseded: $open}]->(b) RETURN collect([key, r.recorded, [a.card_no, b.code] + [r.since, r.until]]);

// Household → Village · supersede
UNWIND $rows AS row MATCH (a:Household {card_no: row[0]}) MATCH (a)-[r:LIVES_IN {since: row[2], superseded: $open}]->(b) WHERE r.recorded < $seq SET r.superseded = $seq;

// Household → Village · create
UNWIND $rows AS row MATCH (a:Household {card_no: row[0]}) MATCH (b:Village {code: row[1]}) CREATE (a)-[r:LIVES_IN {since: row[2], until: row[3], recorded: $seq, superseded: $open, source: row[4], replaced: row[5]}]->(b);
