/// `gatewright budgets`.
@NullMarked
package dev.gatewright.cli.command.budget;

import org.jspecify.annotations.NullMarked;
