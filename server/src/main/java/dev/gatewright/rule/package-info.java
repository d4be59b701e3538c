/// Rules of organizations, projects, members and keys as people and programs write them:
/// `/api/policy/rules`. What rules mean is `policy`.
@NullMarked
package dev.gatewright.rule;

import org.jspecify.annotations.NullMarked;
