"""What a running bot keeps up beside the talk, and what is done by night."""
