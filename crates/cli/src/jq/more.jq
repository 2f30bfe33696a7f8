# Rows for spreadsheets and for cut(1).
def @csv: map(
  if type == "string" then "\"" + (split("\"") | join("\"\"")) + "\""
  elif . == null then ""
  elif type == "array" or type == "object" then error("an \(type) cannot be a cell of a row")
  else tojson end) | join(",");
def @tsv: map(
  if type == "string" then
    (split("\\") | join("\\\\")) | (split("\t") | join("\\t"))
    | (split("\n") | join("\\n")) | (split("\r") | join("\\r"))
  elif . == null then ""
  elif type == "array" or type == "object" then error("an \(type) cannot be a cell of a row")
  else tojson end) | join("\t");

def toarray: if type == "array" then . else [.] end;
def leaf_paths: paths(type != "array" and type != "object");
def IN(values): any(values == .; .);
def IN(source; values): any(source == values; .);
def INDEX(stream; name): reduce stream as $row ({}; .[$row | name | tostring] = $row);
def INDEX(name): INDEX(.[]; name);
