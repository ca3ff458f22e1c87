def main(channel): pass
