package dev.gatewright.policy;

import java.util.List;

/// The rules one owner has set: an organization, a project, a member or a key.
///
/// @param name as it appears in a denial: `organization`, `project`, `member`, `key`
public record Layer(String name, List<Rule> rules) {
  public Layer {
    rules = List.copyOf(rules);
  }

  public static Layer key(List<Rule> rules) {
    return new Layer("key", rules);
  }
}
