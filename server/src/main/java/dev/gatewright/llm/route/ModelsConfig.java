package dev.gatewright.llm.route;

import dev.gatewright.config.Settings;
import dev.gatewright.config.Settings.InvalidSetting;
import dev.gatewright.llm.provider.ProvidersConfig;
import dev.gatewright.llm.simulator.Simulator;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// The mapping list `models`: names callers may ask for, and where each leads.
///
/// @param models by id, in the file's order
public record ModelsConfig(Map<String, List<TargetName>> models) {
  private static final int ID_BYTES_MAX = 256;

  /// A provider's id and the model's name there.
  public record TargetName(String provider, String model) {}

  public ModelsConfig {
    models = Collections.unmodifiableMap(new LinkedHashMap<>(models));
  }

  /// @param providers every target must name one of these
  public static ModelsConfig from(Settings root, ProvidersConfig providers) {
    Map<String, List<TargetName>> models = new LinkedHashMap<>();
    for (Settings entry : root.list("models")) {
      String id = entry.text("id", "");
      if (id.isBlank() || id.length() > ID_BYTES_MAX || Simulator.answers(id)) {
        throw invalid(entry, "id", id, "a name of up to 256 characters outside sim/");
      }
      List<TargetName> targets = targets(entry, providers);
      if (models.put(id, targets) != null) {
        throw invalid(entry, "id", id, "an id used once");
      }
    }
    return new ModelsConfig(models);
  }

  private static List<TargetName> targets(Settings entry, ProvidersConfig providers) {
    List<TargetName> targets = new ArrayList<>();
    for (String text : entry.texts("targets")) {
      int slash = text.indexOf('/');
      if (slash < 1 || slash == text.length() - 1) {
        throw invalid(entry, "targets", text, "provider/model");
      }
      String provider = text.substring(0, slash);
      if (!providers.providers().containsKey(provider)) {
        throw invalid(
            entry, "targets", text, "one of the providers " + providers.providers().keySet());
      }
      targets.add(new TargetName(provider, text.substring(slash + 1)));
    }
    if (targets.isEmpty()) {
      throw invalid(entry, "targets", "none", "at least one provider/model");
    }
    return List.copyOf(targets);
  }

  private static InvalidSetting invalid(Settings entry, String key, String value, String expected) {
    return new InvalidSetting(
        "%s.%s: %s (expected: %s)".formatted(entry.path(), key, value, expected));
  }
}
