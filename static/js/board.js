// The matrix as a working surface: adding in a cell, cards that open and move, and what is left out of sight.
import "./board-narrow.js";
import "./board-cards.js";
import "./board-drag.js";
import "./board-add.js";
