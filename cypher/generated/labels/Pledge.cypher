// Derived from the model by `graph-service schema --write`. Do not edit.

// Pledge · known
UNWIND $keys AS key MATCH (n:Pledge {pledge_no: key}) MATCH (n)<-[:OF]-(s:PledgeState {superseded: $open}) RETURN collect([key, s.recorded, [s.year, s.content]]);

// Pledge · supersede
UNWIND $rows AS row MATCH (n:Pledge {pledge_no: row[0]}) MATCH (n)<-[:OF]-(s:PledgeState {superseded: $open}) WHERE s.recorded < $seq SET s.superseded = $seq;

// Pledge · create
UNWIND $rows AS row MERGE (n:Pledge {pledge_no: row[0]}) ON CREATE SET n.recorded = $seq CREATE (n)<-[:OF]-(s:PledgeState {year: row[3], content: row[4], since: 10101, until: 99991231, recorded: $seq, superseded: $open, source: row[1], replaced: row[2]});
