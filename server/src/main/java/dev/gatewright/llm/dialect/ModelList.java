package dev.gatewright.llm.dialect;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;

/// Lists of models as the dialects write them. When a model came to be is not known here; both
/// dialects are given the epoch, as Anthropic's reference asks for in that case.
public enum ModelList {
  OPENAI {
    @Override
    public byte[] list(List<Model> models) {
      ObjectNode list = Json.object().put("object", "list");
      ArrayNode data = list.putArray("data");
      models.forEach(model -> data.add(entry(model)));
      return Json.bytes(list);
    }

    @Override
    ObjectNode entry(Model model) {
      return Json.object()
          .put("id", model.id())
          .put("object", "model")
          .put("created", 0)
          .put("owned_by", model.owner());
    }
  },
  ANTHROPIC {
    @Override
    public byte[] list(List<Model> models) {
      ObjectNode list = Json.object();
      ArrayNode data = list.putArray("data");
      models.forEach(model -> data.add(entry(model)));
      list.put("has_more", false);
      list.put("first_id", models.isEmpty() ? null : models.getFirst().id());
      list.put("last_id", models.isEmpty() ? null : models.getLast().id());
      return Json.bytes(list);
    }

    @Override
    ObjectNode entry(Model model) {
      return Json.object()
          .put("type", "model")
          .put("id", model.id())
          .put("display_name", model.id())
          .put("created_at", "1970-01-01T00:00:00Z");
    }
  };

  /// @param owner the provider behind it
  public record Model(String id, String owner) {}

  public static ModelList of(Dialect dialect) {
    return switch (dialect) {
      case OpenAiDialect _ -> OPENAI;
      case AnthropicDialect _ -> ANTHROPIC;
    };
  }

  public abstract byte[] list(List<Model> models);

  abstract ObjectNode entry(Model model);

  public byte[] one(Model model) {
    return Json.bytes(entry(model));
  }
}
