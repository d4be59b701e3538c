package dev.gatewright.service.preset;

/// Where a backend says which models it has in memory: a GET whose JSON holds a list.
///
/// @param path the backend's own
/// @param list the field with the list
/// @param name the field of each entry with the model's name; empty = the entry is the name
public record LoadSignal(String path, String list, String name) {}
