// Derived from the model by `graph-service schema --write`. Do not edit.

// Project → Asset · known
UNWIND $keys AS key MATCH (b:Asset {asset_no: key[1]}) MATCH (b)<-[r:FORMED {portion: key[2], superseded: $open}]-(a) RETURN collect([key, r.recorded, [a.project_no, b.asset_no] + [r.since, r.until, r.amount, r.portion]]);

// Project → Asset · supersede
UNWIND $rows AS row MATCH (b:Asset {asset_no: row[1]}) MATCH (b)<-[r:FORMED {portion: row[7], superseded: $open}]-(a) WHERE r.recorded < $seq SET r.superseded = $seq;

// Project → Asset · create
UNWIND $rows AS row MATCH (b:Asset {asset_no: row[1]}) MATCH (a:Project {project_no: row[0]}) CREATE (a)-[r:FORMED {since: row[2], until: row[3], amount: row[6], portion: row[7], recorded: $seq, superseded: $open, source: row[4], replaced: row[5]}]->(b);
