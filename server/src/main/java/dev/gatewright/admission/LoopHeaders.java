package dev.gatewright.admission;

import dev.gatewright.edge.PathKey;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.util.AsciiString;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/// All values of a header by its lower-case name. The places where a key may stand are looked at in
/// every request, and most of them are empty: their names are kept with their hashes.
///
/// @param all of one request
record LoopHeaders(HttpHeaders all) implements Function<String, List<String>> {
  private static final Map<String, AsciiString> CARRIERS = carriers();

  private static Map<String, AsciiString> carriers() {
    Map<String, AsciiString> names = new HashMap<>();
    Carriers.names().forEach(name -> names.put(name, AsciiString.cached(name)));
    names.put(PathKey.HEADER, AsciiString.cached(PathKey.HEADER));
    return names;
  }

  @Override
  public List<String> apply(String name) {
    AsciiString known = CARRIERS.get(name);
    if (known == null) {
      return all.getAll(name);
    }
    return all.contains(known) ? all.getAll(known) : List.of();
  }
}
