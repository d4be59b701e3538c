package dev.gatewright.price;

import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.gatewright.price.book.EntryForm;
import dev.gatewright.price.book.PriceEntry;
import java.io.IOException;
import java.io.InputStream;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A file of prices: the catalogue's own, and those that `prices.files` names.
final class PriceFile {
  private static final ObjectMapper YAML =
      YAMLMapper.builder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          .build();

  private PriceFile() {}

  record Form(@Nullable String source, @Nullable List<EntryForm> entries) {}

  /// @throws IOException when it cannot be read, or is no such file
  /// @throws EntryForm.Misfit when an entry does not fit
  static List<PriceEntry> read(InputStream in) throws IOException {
    Form form = YAML.readValue(in, Form.class);
    List<PriceEntry> entries = new ArrayList<>();
    for (EntryForm each : form.entries() == null ? List.<EntryForm>of() : form.entries()) {
      PriceEntry entry = each.checked(Instant.EPOCH);
      entries.add(entry);
      String provider = entry.model().substring(0, entry.model().indexOf('/') + 1);
      for (String name : each.names() == null ? List.<String>of() : each.names()) {
        entries.add(entry.named(provider + name));
      }
    }
    return entries;
  }
}
