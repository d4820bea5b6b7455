// Derived from the model by `graph-service schema --write`. Do not edit.

// Cadre → Household · known
UNWIND $keys AS key MATCH (b:Household {card_no: key[1]}) MATCH (b)<-[r:HELPS {since: key[2], superseded: $open}]-(a:Cadre {cadre_no: key[0]}) RETURN collect([key, r.recorded, [a.cadre_no, b.card_no] + [r.since, r.until]]);

// Cadre → Household · supersede
UNWIND $rows AS row MATCH (b:Household {card_no: row[1]}) MATCH (b)<-[r:HELPS {since: row[2], superseded: $open}]-(a:Cadre {cadre_no: row[0]}) WHERE r.recorded < $seq SET r.superseded = $seq;

// Cadre → Household · create
UNWIND $rows AS row MATCH (b:Household {card_no: row[1]}) MATCH (a:Cadre {cadre_no: row[0]}) CREATE (a)-[r:HELPS {since: row[2], until: row[3], recorded: $seq, superseded: $open, source: row[4], replaced: row[5]}]->(b);
