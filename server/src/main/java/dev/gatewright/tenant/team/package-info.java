/// Who belongs to an organization, and how people come to and go.
@NullMarked
package dev.gatewright.tenant.team;

import org.jspecify.annotations.NullMarked;
