#!/usr/bin/env node
// The command of the imgq package; kept apart from dist so that it exists before the first build.
import "../dist/main.js";
