// Derived from the model by `graph-service schema --write`. Do not edit.

// Enterprise → Asset · known
UNWIND $keys AS key MATCH (b:Asset {asset_no: key[1]}) MATCH (b)<-[r:OPERATES {superseded: $open}]-(a) RETURN collect([key, r.recorded, [a.uscc, b.asset_no] + [r.since, r.until]]);

// Enterprise → Asset · supersede
UNWIND $rows AS row MATCH (b:Asset {asset_no: row[1]}) MATCH (b)<-[r:OPERATES {superseded: $open}]-(a) WHERE r.recorded < $seq SET r.superseded = $seq;

// Enterprise → Asset · create
UNWIND $rows AS row MATCH (b:Asset {asset_no: row[1]}) MATCH (a:Enterprise {uscc: row[0]}) CREATE (a)-[r:OPERATES {since: row[2], until: row[3], recorded: $seq, superseded: $open, source: row[4], replaced: row[5]}]->(b);

// Cooperative → Asset · known
UNWIND $keys AS key MATCH (b:Asset {asset_no: key[1]}) MATCH (b)<-[r:OPERATES {superseded: $open}]-(a) RETURN collect([key, r.recorded, [a.uscc, b.asset_no] + [r.since, r.until]]);

// Cooperative → Asset · supersede
UNWIND $rows AS row MATCH (b:Asset {asset_no: row[1]}) MATCH (b)<-[r:OPERATES {superseded: $open}]-(a) WHERE r.recorded < $seq SET r.superseded = $seq;

// Cooperative → Asset · create
UNWIND $rows AS row MATCH (b:Asset {asset_no: row[1]}) MATCH (a:Cooperative {uscc: row[0]}) CREATE (a)-[r:OPERATES {since: row[2], until: row[3], recorded: $seq, superseded: $open, source: row[4], replaced: row[5]}]->(b);
