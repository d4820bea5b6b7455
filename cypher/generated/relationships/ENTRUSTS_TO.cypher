// Derived from the model by `graph-service schema --write`. Do not edit.

// Household → Enterprise · known
UNWIND $keys AS key MATCH (a:Household {card_no: key[0]}) MATCH (a)-[r:ENTRUSTS_TO {since: key[2], superseded: $open}]->(b:Enterprise {uscc: key[1]}) RETURN collect([key, r.recorded, [a.card_no, b.uscc] + [r.since, r.until, r.species, r.head]]);

// Household → Enterprise · supersede
UNWIND $rows AS row MATCH (a:Household {card_no: row[0]}) MATCH (a)-[r:ENTRUSTS_TO {since: row[2], superseded: $open}]->(b:Enterprise {uscc: row[1]}) WHERE r.recorded < $seq SET r.superseded = $seq;

// Household → Enterprise · create
UNWIND $rows AS row MATCH (a:Household {card_no: row[0]}) MATCH (b:Enterprise {uscc: row[1]}) CREATE (a)-[r:ENTRUSTS_TO {since: row[2], until: row[3], species: row[6], head: row[7], recorded: $seq, superseded: $open, source: row[4], replaced: row[5]}]->(b);

// Household → Cooperative · known
UNWIND $keys AS key MATCH (a:Household {card_no: key[0]}) MATCH (a)-[r:ENTRUSTS_TO {since: key[2], superseded: $open}]->(b:Cooperative {uscc: key[1]}) RETURN collect([key, r.recorded, [a.card_no, b.uscc] + [r.since, r.until, r.species, r.head]]);

// Household → Cooperative · supersede
UNWIND $rows AS row MATCH (a:Household {card_no: row[0]}) MATCH (a)-[r:ENTRUSTS_TO {since: row[2], superseded: $open}]->(b:Cooperative {uscc: row[1]}) WHERE r.recorded < $seq SET r.superseded = $seq;

// Household → Cooperative · create
UNWIND $rows AS row MATCH (a:Household {card_no: row[0]}) MATCH (b:Cooperative {uscc: row[1]}) CREATE (a)-[r:ENTRUSTS_TO {since: row[2], until: row[3], species: row[6], head: row[7], recorded: $seq, superseded: $open, source: row[4], replaced: row[5]}]->(b);
