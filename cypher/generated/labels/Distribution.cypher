// Derived from the model by `graph-service schema --write`. Do not edit.

// Distribution · known
UNWIND $keys AS key MATCH (n:Distribution {distribution_no: key}) MATCH (n)<-[:OF]-(s:DistributionState {superseded: $open}) RETURN collect([key, s.recorded, [s.year, s.declared, s.declared_on]]);

// Distribution · supersede
UNWIND $rows AS row MATCH (n:Distribution {distribution_no: row[0]}) MATCH (n)<-[:OF]-(s:DistributionState {superseded: $open}) WHERE s.recorded < $seq SET s.superseded = $seq;

// Distribution · create
UNWIND $rows AS row MERGE (n:Distribution {distribution_no: row[0]}) ON CREATE SET n.recorded = $seq CREATE (n)<-[:OF]-(s:DistributionState {year: row[3], declared: row[4], declared_on: row[5], since: 10101, until: 99991231, recorded: $seq, superseded: $open, source: row[1], replaced: row[2]});
