// Derived from the model by `graph-service schema --write`. Do not edit.

// Area → Asset · known
UNWIND $keys AS key MATCH (b:Asset {asset_no: key[1]}) MATCH (b)<-[r:OWNS {superseded: $open}]-(a:Area {code: key[0]}) RETURN collect([key, r.recorded, [a.code, b.asset_no] + [r.since, r.until]]);

// Area → Asset · supersede
UNWIND $rows AS row MATCH (b:Asset {asset_no: row[1]}) MATCH (b)<-[r:OWNS {superseded: $open}]-(a:Area {code: row[0]}) WHERE r.recorded < $seq SET r.superseded = $seq;

// Area → Asset · create
UNWIND $rows AS row MATCH (b:Asset {asset_no: row[1]}) MATCH (a:Area {code: row[0]}) CREATE (a)-[r:OWNS {since: row[2], until: row[3], recorded: $seq, superseded: $open, source: row[4], replaced: row[5]}]->(b);

// Enterprise → Asset · known
UNWIND $keys AS key MATCH (b:Asset {asset_no: key[1]}) MATCH (b)<-[r:OWNS {superseded: $open}]-(a:Enterprise {uscc: key[0]}) RETURN collect([key, r.recorded, [a.uscc, b.asset_no] + [r.since, r.until]]);

// Enterprise → Asset · supersede
UNWIND $rows AS row MATCH (b:Asset {asset_no: row[1]}) MATCH (b)<-[r:OWNS {superseded: $open}]-(a:Enterprise {uscc: row[0]}) WHERE r.recorded < $seq SET r.superseded = $seq;

// Enterprise → Asset · create
UNWIND $rows AS row MATCH (b:Asset {asset_no: row[1]}) MATCH (a:Enterprise {uscc: row[0]}) CREATE (a)-[r:OWNS {since: row[2], until: row[3], recorded: $seq, superseded: $open, source: row[4], replaced: row[5]}]->(b);

// Cooperative → Asset · known
UNWIND $keys AS key MATCH (b:Asset {asset_no: key[1]}) MATCH (b)<-[r:OWNS {superseded: $open}]-(a:Cooperative {uscc: key[0]}) RETURN collect([key, r.recorded, [a.uscc, b.asset_no] + [r.since, r.until]]);

// Cooperative → Asset · supersede
UNWIND $rows AS row MATCH (b:Asset {asset_no: row[1]}) MATCH (b)<-[r:OWNS {superseded: $open}]-(a:Cooperative {uscc: row[0]}) WHERE r.recorded < $seq SET r.superseded = $seq;

// Cooperative → Asset · create
UNWIND $rows AS row MATCH (b:Asset {asset_no: row[1]}) MATCH (a:Cooperative {uscc: row[0]}) CREATE (a)-[r:OWNS {since: row[2], until: row[3], recorded: $seq, superseded: $open, source: row[4], replaced: row[5]}]->(b);
