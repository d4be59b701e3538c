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

  /// Whether a model may be called so; a final `*` stands for any rest.
  public static boolean isId(String id) {
    int star = id.indexOf('*');
    return !id.isBlank()
        && id.length() <= ID_BYTES_MAX
        && !Simulator.answers(id)
        && (star < 0 || star == id.length() - 1);
  }

  /// A provider's id and the model's name there.
  public record TargetName(String provider, String model) {
    /// @param text `provider/model`
    public static TargetName of(String text) {
      int slash = text.indexOf('/');
      return new TargetName(text.substring(0, slash), text.substring(slash + 1));
    }

    /// Whether a text is `provider/model`.
    public static boolean fits(String text) {
      int slash = text.indexOf('/');
      return slash > 0 && slash < text.length() - 1;
    }
  }

  public ModelsConfig {
    models = Collections.unmodifiableMap(new LinkedHashMap<>(models));
  }

  /// @param providers every target must name one of these
  public static ModelsConfig from(Settings root, ProvidersConfig providers) {
    Map<String, List<TargetName>> models = new LinkedHashMap<>();
    for (Settings entry : root.list("models")) {
      String id = entry.text("id", "");
      if (!isId(id)) {
        throw invalid(
            entry, "id", id, "a name of up to 256 characters outside sim/, * at its end only");
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
      if (!TargetName.fits(text)) {
        throw invalid(entry, "targets", text, "provider/model");
      }
      String provider = TargetName.of(text).provider();
      if (!providers.providers().containsKey(provider)) {
        throw invalid(
            entry, "targets", text, "one of the providers " + providers.providers().keySet());
      }
      targets.add(TargetName.of(text));
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
