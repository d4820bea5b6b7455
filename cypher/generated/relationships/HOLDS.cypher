// Derived from the model by `graph-service schema --write`. Do not edit.

// Household → Asset · known
UNWIND $keys AS key MATCH (b:Asset {asset_no: key[1]}) MATCH (b)<-[r:HOLDS {certificate: key[2], superseded: $open}]-(a) RETURN collect([key, r.recorded, [coalesce(a.card_no, a.person_no, a.code, a.uscc), b.asset_no] + [r.since, r.until, r.certificate, r.kind, r.kind_text, r.shares, r.total_shares, r.decision, r.ended_by]]);

// Household → Asset · supersede
UNWIND $rows AS row MATCH (b:Asset {asset_no: row[1]}) MATCH (b)<-[r:HOLDS {certificate: row[6], superseded: $open}]-(a) WHERE r.recorded < $seq SET r.superseded = $seq;

// Household → Asset · create
UNWIND $rows AS row MATCH (a:Household {card_no: row[0]}) MATCH (b:Asset {asset_no: row[1]}) CREATE (a)-[r:HOLDS {since: row[2], until: row[3], certificate: row[6], kind: row[7], kind_text: row[8], shares: row[9], total_shares: row[10], decision: row[11], ended_by: row[12], recorded: $seq, superseded: $open, source: row[4], replaced: row[5]}]->(b);

// Person → Asset · known
UNWIND $keys AS key MATCH (b:Asset {asset_no: key[1]}) MATCH (b)<-[r:HOLDS {certificate: key[2], superseded: $open}]-(a) RETURN collect([key, r.recorded, [coalesce(a.card_no, a.person_no, a.code, a.uscc), b.asset_no] + [r.since, r.until, r.certificate, r.kind, r.kind_text, r.shares, r.total_shares, r.decision, r.ended_by]]);

// Person → Asset · supersede
UNWIND $rows AS row MATCH (b:Asset {asset_no: row[1]}) MATCH (b)<-[r:HOLDS {certificate: row[6], superseded: $open}]-(a) WHERE r.recorded < $seq SET r.superseded = $seq;

// Person → Asset · create
UNWIND $rows AS row MATCH (a:Person {person_no: row[0]}) MATCH (b:Asset {asset_no: row[1]}) CREATE (a)-[r:HOLDS {since: row[2], until: row[3], certificate: row[6], kind: row[7], kind_text: row[8], shares: row[9], total_shares: row[10], decision: row[11], ended_by: row[12], recorded: $seq, superseded: $open, source: row[4], replaced: row[5]}]->(b);

// Village → Asset · known
UNWIND $keys AS key MATCH (b:Asset {asset_no: key[1]}) MATCH (b)<-[r:HOLDS {certificate: key[2], superseded: $open}]-(a) RETURN collect([key, r.recorded, [coalesce(a.card_no, a.person_no, a.code, a.uscc), b.asset_no] + [r.since, r.until, r.certificate, r.kind, r.kind_text, r.shares, r.total_shares, r.decision, r.ended_by]]);

// Village → Asset · supersede
UNWIND $rows AS row MATCH (b:Asset {asset_no: row[1]}) MATCH (b)<-[r:HOLDS {certificate: row[6], superseded: $open}]-(a) WHERE r.recorded < $seq SET r.superseded = $seq;

// Village → Asset · create
UNWIND $rows AS row MATCH (a:Village {code: row[0]}) MATCH (b:Asset {asset_no: row[1]}) CREATE (a)-[r:HOLDS {since: row[2], until: row[3], certificate: row[6], kind: row[7], kind_text: row[8], shares: row[9], total_shares: row[10], decision: row[11], ended_by: row[12], recorded: $seq, superseded: $open, source: row[4], replaced: row[5]}]->(b);

// Enterprise → Asset · known
UNWIND $keys AS key MATCH (b:Asset {asset_no: key[1]}) MATCH (b)<-[r:HOLDS {certificate: key[2], superseded: $open}]-(a) RETURN collect([key, r.recorded, [coalesce(a.card_no, a.person_no, a.code, a.uscc), b.asset_no] + [r.since, r.until, r.certificate, r.kind, r.kind_text, r.shares, r.total_shares, r.decision, r.ended_by]]);

// Enterprise → Asset · supersede
UNWIND $rows AS row MATCH (b:Asset {asset_no: row[1]}) MATCH (b)<-[r:HOLDS {certificate: row[6], superseded: $open}]-(a) WHERE r.recorded < $seq SET r.superseded = $seq;

// Enterprise → Asset · create
UNWIND $rows AS row MATCH (a:Enterprise {uscc: row[0]}) MATCH (b:Asset {asset_no: row[1]}) CREATE (a)-[r:HOLDS {since: row[2], until: row[3], certificate: row[6], kind: row[7], kind_text: row[8], shares: row[9], total_shares: row[10], decision: row[11], ended_by: row[12], recorded: $seq, superseded: $open, source: row[4], replaced: row[5]}]->(b);

// Cooperative → Asset · known
UNWIND $keys AS key MATCH (b:Asset {asset_no: key[1]}) MATCH (b)<-[r:HOLDS {certificate: key[2], superseded: $open}]-(a) RETURN collect([key, r.recorded, [coalesce(a.card_no, a.person_no, a.code, a.uscc), b.asset_no] + [r.since, r.until, r.certificate, r.kind, r.kind_text, r.shares, r.total_shares, r.decision, r.ended_by]]);

// Cooperative → Asset · supersede
UNWIND $rows AS row MATCH (b:Asset {asset_no: row[1]}) MATCH (b)<-[r:HOLDS {certificate: row[6], superseded: $open}]-(a) WHERE r.recorded < $seq SET r.superseded = $seq;

// Cooperative → Asset · create
UNWIND $rows AS row MATCH (a:Cooperative {uscc: row[0]}) MATCH (b:Asset {asset_no: row[1]}) CREATE (a)-[r:HOLDS {since: row[2], until: row[3], certificate: row[6], kind: row[7], kind_text: row[8], shares: row[9], total_shares: row[10], decision: row[11], ended_by: row[12], recorded: $seq, superseded: $open, source: row[4], replaced: row[5]}]->(b);
