"""The invented city: nobody and nothing in it exists. Its journey serves the README, the story and the journey test."""
