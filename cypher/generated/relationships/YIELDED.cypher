// Derived from the model by `graph-service schema --write`. Do not edit.

// Asset → Distribution · known
UNWIND $keys AS key MATCH (b:Distribution {distribution_no: key[1]}) MATCH (b)<-[r:YIELDED {superseded: $open}]-(a) RETURN collect([key, r.recorded, [a.asset_no, b.distribution_no] + [r.since, r.until]]);

// Asset → Distribution · supersede
UNWIND $rows AS row MATCH (b:Distribution {distribution_no: row[1]}) MATCH (b)<-[r:YIELDED {superseded: $open}]-(a) WHERE r.recorded < $seq SET r.superseded = $seq;

// Asset → Distribution · create
UNWIND $rows AS row MATCH (b:Distribution {distribution_no: row[1]}) MATCH (a:Asset {asset_no: row[0]}) CREATE (a)-[r:YIELDED {since: row[2], until: row[3], recorded: $seq, superseded: $open, source: row[4], replaced: row[5]}]->(b);
