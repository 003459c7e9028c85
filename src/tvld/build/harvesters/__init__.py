"""What harvesters are known to do, replayed on a catalogue before they come: what each would take, refuse, delete."""
