// Derived from the model by `graph-service schema --write`. Do not edit.

// Enterprise → Enterprise · known
UNWIND $keys AS key MATCH (a:Enterprise {uscc: key[0]}) MATCH (a)-[r:INVESTS_IN {since: key[2], superseded: $open}]->(b:Enterprise {uscc: key[1]}) RETURN collect([key, r.recorded, [a.uscc, b.uscc] + [r.since, r.until, r.share, r.share_text]]);

// Enterprise → Enterprise · supersede
UNWIND $rows AS row MATCH (a:Enterprise {uscc: row[0]}) MATCH (a)-[r:INVESTS_IN {since: row[2], superseded: $open}]->(b:Enterprise {uscc: row[1]}) WHERE r.recorded < $seq SET r.superseded = $seq;

// Enterprise → Enterprise · create
UNWIND $rows AS row MATCH (a:Enterprise {uscc: row[0]}) MATCH (b:Enterprise {uscc: row[1]}) CREATE (a)-[r:INVESTS_IN {since: row[2], until: row[3], share: row[6], share_text: row[7], recorded: $seq, superseded: $open, source: row[4], replaced: row[5]}]->(b);

// Enterprise → Cooperative · known
UNWIND $keys AS key MATCH (a:Enterprise {uscc: key[0]}) MATCH (a)-[r:INVESTS_IN {since: key[2], superseded: $open}]->(b:Cooperative {uscc: key[1]}) RETURN collect([key, r.recorded, [a.uscc, b.uscc] + [r.since, r.until, r.share, r.share_text]]);

// Enterprise → Cooperative · supersede
UNWIND $rows AS row MATCH (a:Enterprise {uscc: row[0]}) MATCH (a)-[r:INVESTS_IN {since: row[2], superseded: $open}]->(b:Cooperative {uscc: row[1]}) WHERE r.recorded < $seq SET r.superseded = $seq;

// Enterprise → Cooperative · create
UNWIND $rows AS row MATCH (a:Enterprise {uscc: row[0]}) MATCH (b:Cooperative {uscc: row[1]}) CREATE (a)-[r:INVESTS_IN {since: row[2], until: row[3], share: row[6], share_text: row[7], recorded: $seq, superseded: $open, source: row[4], replaced: row[5]}]->(b);

// Cooperative → Enterprise · known
UNWIND $keys AS key MATCH (a:Cooperative {uscc: key[0]}) MATCH (a)-[r:INVESTS_IN {since: key[2], superseded: $open}]->(b:Enterprise {uscc: key[1]}) RETURN collect([key, r.recorded, [a.uscc, b.uscc] + [r.since, r.until, r.share, r.share_text]]);

// Cooperative → Enterprise · supersede
UNWIND $rows AS row MATCH (a:Cooperative {uscc: row[0]}) MATCH (a)-[r:INVESTS_IN {since: row[2], superseded: $open}]->(b:Enterprise {uscc: row[1]}) WHERE r.recorded < $seq SET r.superseded = $seq;

// Cooperative → Enterprise · create
UNWIND $rows AS row MATCH (a:Cooperative {uscc: row[0]}) MATCH (b:Enterprise {uscc: row[1]}) CREATE (a)-[r:INVESTS_IN {since: row[2], until: row[3], share: row[6], share_text: row[7], recorded: $seq, superseded: $open, source: row[4], replaced: row[5]}]->(b);

// Cooperative → Cooperative · known
UNWIND $keys AS key MATCH (a:Cooperative {uscc: key[0]}) MATCH (a)-[r:INVESTS_IN {since: key[2], superseded: $open}]->(b:Cooperative {uscc: key[1]}) RETURN collect([key, r.recorded, [a.uscc, b.uscc] + [r.since, r.until, r.share, r.share_text]]);

// Cooperative → Cooperative · supersede
UNWIND $rows AS row MATCH (a:Cooperative {uscc: row[0]}) MATCH (a)-[r:INVESTS_IN {since: row[2], superseded: $open}]->(b:Cooperative {uscc: row[1]}) WHERE r.recorded < $seq SET r.superseded = $seq;

// Cooperative → Cooperative · create
UNWIND $rows AS row MATCH (a:Cooperative {uscc: row[0]}) MATCH (b:Cooperative {uscc: row[1]}) CREATE (a)-[r:INVESTS_IN {since: row[2], until: row[3], share: row[6], share_text: row[7], recorded: $seq, superseded: $open, source: row[4], replaced: row[5]}]->(b);
